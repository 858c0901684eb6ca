with tiers as (
    select
        *,
        lead(tier_code) over (order by tier_rank) as next_tier_code
    from {{ ref('loyalty_tier_rules') }}
),

tier_grades as (
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

grade_columns as (
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
    from tier_grades
    group by customer_key
),

first_downgrades as (
    select
        grade_columns.customer_key,
        min(tier_grades.graded_on) as downgrade_on
    from grade_columns
    inner join tier_grades
        on grade_columns.customer_key = tier_grades.customer_key
        and tier_grades.tier_rank < grade_columns.tier_rank
        and tier_grades.grade in ('next_1', 'next_2', 'next_3')
    where tier_grades.graded_on <= {{ add_months(month_of(as_of_date()), threshold('loyalty', 'downgrade_warning_months')) }}
    group by grade_columns.customer_key
),

downgrades as (
    select
        first_downgrades.customer_key,
        first_downgrades.downgrade_on,
        tier_grades.spend_cents,
        tier_grades.tier_rank
    from first_downgrades
    inner join tier_grades
        on first_downgrades.customer_key = tier_grades.customer_key
        and first_downgrades.downgrade_on = tier_grades.graded_on
        and tier_grades.grade in ('next_1', 'next_2', 'next_3')
),

tier_gaps as (
    select
        grade_columns.*,
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
            when present.spend_to_cents > grade_columns.next_spend_cents
                then present.spend_to_cents - grade_columns.next_spend_cents
            when present.spend_to_cents is not null then 0
        end as upgrade_missing_cents,
        downgrades.downgrade_on,
        lower_tier.tier_code as downgrade_tier_code,
        present.spend_from_cents - downgrades.spend_cents as keep_missing_cents
    from grade_columns
    inner join tiers as present on grade_columns.tier_rank = present.tier_rank
    left join tiers as previous on grade_columns.previous_tier_rank = previous.tier_rank
    left join tiers as upcoming on grade_columns.next_tier_rank = upcoming.tier_rank
    left join downgrades on grade_columns.customer_key = downgrades.customer_key
    left join tiers as lower_tier on downgrades.tier_rank = lower_tier.tier_rank
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
    from tier_gaps
)

select * from final
