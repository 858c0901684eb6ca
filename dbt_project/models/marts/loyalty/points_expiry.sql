with point_entries as (
    select
        *,
        {{ to_date('expires_at') }} as expires_on
    from {{ ref('int_loyalty__points_left') }}
),

reminders as (
    select * from {{ ref('points_reminders') }}
),

balances as (
    select
        customer_key,
        sum(points_left) as points_balance
    from point_entries
    group by customer_key
),

expiring as (
    select
        customer_key,
        expires_on,
        {{ days_between(as_of_date(), 'expires_on') }} as days_left,
        sum(points_left) as points_at_stake
    from point_entries
    where
        points_left > 0
        and expires_on >= {{ as_of_date() }}
        and expires_on <= {{ add_days(as_of_date(), '(select max(days_ahead) from ' ~ ref('points_reminders') ~ ')') }}
    group by customer_key, expires_on
),

current_reminders as (
    select
        expiring.customer_key,
        expiring.expires_on,
        min(case when reminders.days_ahead >= expiring.days_left then reminders.days_ahead end) as reminder_days,
        max(case when reminders.days_ahead < expiring.days_left then reminders.days_ahead end) as next_reminder_days
    from expiring
    cross join reminders
    group by expiring.customer_key, expiring.expires_on
),

customers as (
    select
        customer_key,
        is_contactable
    from {{ ref('dim_customers') }}
    where is_current
),

final as (
    select
        expiring.customer_key,
        {{ as_of_date() }} as as_of,
        expiring.expires_on,
        cast(expiring.days_left as bigint) as days_left,
        cast(expiring.points_at_stake as bigint) as points_at_stake,
        {{ steady('expiring.points_at_stake * ' ~ threshold('loyalty', 'point_value_cents')) }} as value_at_stake_cents,
        cast(balances.points_balance as bigint) as points_balance,
        cast(current_reminders.reminder_days as bigint) as reminder_days,
        reminders.label_en as reminder_en,
        reminders.label_zh as reminder_zh,
        current_reminders.reminder_days = expiring.days_left and coalesce(customers.is_contactable, true) as is_reminder_due,
        {{ add_days('expiring.expires_on', '-current_reminders.next_reminder_days') }} as next_reminder_on,
        coalesce(customers.is_contactable, true) as is_contactable
    from expiring
    inner join current_reminders
        on expiring.customer_key = current_reminders.customer_key
        and expiring.expires_on = current_reminders.expires_on
    inner join reminders on current_reminders.reminder_days = reminders.days_ahead
    inner join balances on expiring.customer_key = balances.customer_key
    left join customers on expiring.customer_key = customers.customer_key
)

select * from final
