{%- set dimensions = ['category', 'grade', 'severity', 'channel', 'team'] -%}
with complaints as (
    select
        *,
        {{ days_between('received_date', as_of_date()) }} as days_ago,
        solved_at is null as is_open
    from {{ ref('fct_complaints') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

windowed as (
    select
        windows.window_days,
        complaints.*,
        complaints.days_ago <= windows.window_days as is_received,
        coalesce(complaints.customer_key, complaints.complaint_id) as complainer
    from complaints
    inner join windows on complaints.is_open or complaints.days_ago <= windows.window_days
),

cuts as (
    select
        'overall' as dimension,
        'all' as dimension_value,
        windowed.*
    from windowed
    {%- for dimension in dimensions %}
    union all
    select
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, 'unknown') as dimension_value,
        windowed.*
    from windowed
    {%- endfor %}
),

cut_counts as (
    select
        dimension,
        dimension_value,
        window_days,
        count(case when is_received then 1 end) as complaint_count,
        count(distinct case when is_received then complainer end) as customer_count,
        count(case when is_received and is_repeated then 1 end) as repeated_count,
        {% for grade in ['L1', 'L2', 'L3', 'L4'] -%}
        count(case when is_received and grade = '{{ grade }}' then 1 end) as {{ grade | lower }}_count,
        {% endfor -%}
        count(case when is_received and is_golden_decided then 1 end) as golden_decided_count,
        count(case when is_received and is_golden_decided and not is_golden_breached then 1 end) as golden_kept_count,
        count(case when is_received and is_plan_decided then 1 end) as plan_decided_count,
        count(case when is_received and is_plan_decided and not is_plan_breached then 1 end) as plan_kept_count,
        count(case when is_received and not is_open then 1 end) as solved_count,
        count(case when is_received and state = 'verified' then 1 end) as verified_count,
        {{ median('case when is_received and acknowledged_at is not null then acknowledging_minutes end') }}
            as median_acknowledging_minutes,
        {{ median('case when is_received then solving_minutes end') }} as median_solving_minutes,
        sum(case when is_received then value_cents else 0 end) as value_cents,
        count(case when is_open then 1 end) as open_count,
        count(case when is_open and state = 'received' then 1 end) as open_unacknowledged_count,
        count(case when is_open and is_golden_breached then 1 end) as open_golden_breached_count,
        count(case when is_open and is_plan_breached then 1 end) as open_plan_breached_count
    from cuts
    group by dimension, dimension_value, window_days
),

final as (
    select
        {{ as_of_date() }} as metric_date,
        {{ as_of_date() }} as as_of,
        dimension,
        dimension_value,
        cast(window_days as bigint) as window_days,
        cast(complaint_count as bigint) as complaint_count,
        cast(customer_count as bigint) as customer_count,
        cast(repeated_count as bigint) as repeated_count,
        {% for grade in ['l1', 'l2', 'l3', 'l4'] -%}
        cast({{ grade }}_count as bigint) as {{ grade }}_count,
        {% endfor -%}
        cast(golden_decided_count as bigint) as golden_decided_count,
        {{ steady(ratio('golden_kept_count', 'golden_decided_count')) }} as golden_kept_share,
        {{ wilson_low('golden_kept_count', 'golden_decided_count') }} as golden_kept_low,
        {{ wilson_high('golden_kept_count', 'golden_decided_count') }} as golden_kept_high,
        cast(plan_decided_count as bigint) as plan_decided_count,
        {{ steady(ratio('plan_kept_count', 'plan_decided_count')) }} as plan_kept_share,
        {{ wilson_low('plan_kept_count', 'plan_decided_count') }} as plan_kept_low,
        {{ wilson_high('plan_kept_count', 'plan_decided_count') }} as plan_kept_high,
        cast(solved_count as bigint) as solved_count,
        {{ steady(ratio('verified_count', 'solved_count')) }} as verified_share,
        {{ wilson_low('verified_count', 'solved_count') }} as verified_low,
        {{ wilson_high('verified_count', 'solved_count') }} as verified_high,
        complaint_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        {{ steady('median_acknowledging_minutes') }} as median_acknowledging_minutes,
        {{ steady('median_solving_minutes') }} as median_solving_minutes,
        {{ steady('value_cents') }} as value_cents,
        cast(open_count as bigint) as open_count,
        cast(open_unacknowledged_count as bigint) as open_unacknowledged_count,
        cast(open_golden_breached_count as bigint) as open_golden_breached_count,
        cast(open_plan_breached_count as bigint) as open_plan_breached_count
    from cut_counts
)

select * from final
