{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__relations', 'customer_key') }}") }}
with customers as (
    select
        customer_key,
        {{ to_date('created_at') }} as created_on
    from {{ ref('dim_customers') }}
    where is_current
    {{ filter_to_changed('int_changes__relations', 'customer_key', begin='and') }}
),

relations as (
    select * from {{ ref('int_value__relations') }}
    {{ filter_to_changed('int_changes__relations', 'customer_key') }}
),

established as (
    select
        customer_key,
        {{ settled_on() }} as settled_on,
        coalesce(lost_on, {{ as_of_date() }}) as judged_until
    from relations
),

prospects as (
    select
        customers.customer_key,
        coalesce(customers.created_on, date '1900-01-01') as entered_on,
        'prospect' as stage,
        1 as precedence
    from customers
    left join relations on customers.customer_key = relations.customer_key and relations.relation_number = 1
    where coalesce(customers.created_on, date '1900-01-01') < coalesce(relations.began_on, {{ as_of_date() }})
        and (customers.created_on is not null or relations.customer_key is null)
),

stage_events as (
    select * from prospects
    union all
    select
        customer_key,
        checked_on as entered_on,
        stage,
        3 as precedence
    from {{ ref('int_value__lifecycle_checks') }}
    {{ filter_to_changed('int_changes__relations', 'customer_key') }}
    union all
    select
        customer_key,
        settled_on as entered_on,
        'growing' as stage,
        2 as precedence
    from established
    where settled_on < judged_until
    union all
    select
        customer_key,
        began_on as entered_on,
        case when relation_number = 1 then 'new' else 'won_back' end as stage,
        4 as precedence
    from relations
    union all
    select
        customer_key,
        lost_on as entered_on,
        'lapsed' as stage,
        5 as precedence
    from relations
    where lost_on is not null
),

ranked as {{ materialized() }} (
    select
        *,
        row_number() over (partition by customer_key, entered_on order by precedence desc) as day_rank
    from stage_events
),

daily_stages as {{ materialized() }} (
    select
        customer_key,
        entered_on,
        stage,
        lag(stage) over (partition by customer_key order by entered_on) as previous_stage
    from ranked
    where day_rank = 1
),

final as (
    select
        customer_key,
        row_number() over (partition by customer_key order by entered_on) as transition_number,
        entered_on,
        stage,
        previous_stage,
        lead(entered_on) over (partition by customer_key order by entered_on) as left_on
    from daily_stages
    where previous_stage is null or previous_stage != stage
)

select * from final
