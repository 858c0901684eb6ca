with tiers as (
    select
        *,
        lead(tier_code) over (order by tier_rank) as next_tier_code
    from {{ ref('loyalty_tier_rules') }}
),

graded as (
    select
        grades.customer_key,
        grades.grade,
        grades.graded_on,
        grades.spend_cents,
        tiers.tier_rank
    from {{ ref('int_loyalty__grades') }} as grades
    inner join tiers
        on grades.spend_cents >= tiers.spend_from_cents
        and grades.spend_cents < coalesce(tiers.spend_to_cents, 1e18)
),

side_by_side as (
    select
        customer_key,
        max(case when grade = 'present' then graded_on end) as regraded_on,
        max(case when grade = 'present' then spend_cents end) as graded_spend_cents,
        max(case when grade = 'present' then tier_rank end) as tier_rank,
        max(case when grade = 'previous' then tier_rank end) as previous_tier_rank,
        max(case when grade = 'tonight' then spend_cents end) as spend_cents_12m,
        max(case when grade = 'next_1' then graded_on end) as next_regrade_on,
        max(case when grade = 'next_1' then spend_cents end) as next_spend_cents,
        max(case when grade = 'next_1' then tier_rank end) as next_tier_rank
    from graded
    group by customer_key
),

falls as (
    select
        side_by_side.customer_key,
        min(graded.graded_on) as downgrade_on
    from side_by_side
    inner join graded
        on side_by_side.customer_key = graded.customer_key
        and graded.tier_rank < side_by_side.tier_rank
        and graded.grade in ('next_1', 'next_2', 'next_3')
    where graded.graded_on <= {{ add_months(month_of(as_of_date()), threshold('loyalty', 'downgrade_warning_months')) }}
    group by side_by_side.customer_key
),

falling as (
    select
        falls.customer_key,
        falls.downgrade_on,
        graded.spend_cents,
        graded.tier_rank
    from falls
    inner join graded
        on falls.customer_key = graded.customer_key
        and falls.downgrade_on = graded.graded_on
        and graded.grade in ('next_1', 'next_2', 'next_3')
),

measured as (
    select
        side_by_side.*,
        present.tier_code,
        present.tier_en,
        present.tier_zh,
        present.benefit_en,
        present.benefit_zh,
        present.next_tier_code,
        present.spend_to_cents as next_tier_from_cents,
        previous.tier_code as previous_tier_code,
        upcoming.tier_code as upcoming_tier_code,
        case
            when present.spend_to_cents > side_by_side.next_spend_cents
                then present.spend_to_cents - side_by_side.next_spend_cents
            when present.spend_to_cents is not null then 0
        end as upgrade_missing_cents,
        falling.downgrade_on,
        lower_tier.tier_code as downgrade_tier_code,
        present.spend_from_cents - falling.spend_cents as keep_missing_cents
    from side_by_side
    inner join tiers as present on side_by_side.tier_rank = present.tier_rank
    left join tiers as previous on side_by_side.previous_tier_rank = previous.tier_rank
    left join tiers as upcoming on side_by_side.next_tier_rank = upcoming.tier_rank
    left join falling on side_by_side.customer_key = falling.customer_key
    left join tiers as lower_tier on falling.tier_rank = lower_tier.tier_rank
),

final as (
    select
        customer_key,
        {{ as_of_date() }} as as_of,
        regraded_on,
        tier_code,
        tier_rank,
        tier_en,
        tier_zh,
        benefit_en,
        benefit_zh,
        previous_tier_code,
        case
            when tier_rank > previous_tier_rank then 'upgraded'
            when tier_rank < previous_tier_rank then 'downgraded'
            else 'kept'
        end as tier_change,
        graded_spend_cents,
        spend_cents_12m,
        next_regrade_on,
        upcoming_tier_code,
        next_tier_code,
        upgrade_missing_cents,
        coalesce(
            upgrade_missing_cents > 0
            and upgrade_missing_cents <= next_tier_from_cents * {{ threshold('loyalty', 'upgrade_nudge_share') }}, false
        ) as is_upgrade_nudge,
        downgrade_on is not null as is_downgrade_warning,
        downgrade_on,
        downgrade_tier_code,
        keep_missing_cents
    from measured
)

select * from final
